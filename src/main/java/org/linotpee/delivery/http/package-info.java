/** Gateways over HTTP: SMS, voice, push (spec 11 sections 6, 7, 13 and 14). */
package org.linotpee.delivery.http;
