/**
 * Tokens in an app that is paired with the server: QR and push tokens, and the protocol that they
 * share (spec 08 sections 16 to 18). Offers the pairing responses to the use case that takes them.
 * May call policy, delivery, configuration and crypto.
 */
package org.linotpee.token.paired;
