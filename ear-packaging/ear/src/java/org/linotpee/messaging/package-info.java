/**
 * What the enterprise archive adds to the WAR: the modem's connection factory, and the bean that gets
 * what modems receive.
 */
package org.linotpee.messaging;
