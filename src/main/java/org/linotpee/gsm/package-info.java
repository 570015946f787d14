/**
 * The connector to serial GSM modems, as applications see it: a {@link
 * org.linotpee.gsm.GsmConnectionFactory} gives connections, which send texts and tell how the modem
 * is doing; a {@link org.linotpee.gsm.GsmListener} takes received messages and delivery reports.
 * Uses nothing of the product: the classes are also packaged as a resource adapter of their own.
 */
package org.linotpee.gsm;
