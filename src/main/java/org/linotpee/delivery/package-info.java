/**
 * Providers: the gateways through which messages leave the server (spec 05 section 14, spec 11).
 */
package org.linotpee.delivery;
