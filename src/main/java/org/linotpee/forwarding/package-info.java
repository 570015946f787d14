/** Hands logins over to other servers, by RADIUS or HTTP (spec 02 section 8). */
package org.linotpee.forwarding;
