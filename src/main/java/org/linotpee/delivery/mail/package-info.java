/** Mail servers, for e-mail and for SMS gateways that take e-mail (spec 11 sections 8 and 12). */
package org.linotpee.delivery.mail;
