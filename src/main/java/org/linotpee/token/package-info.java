/**
 * Tokens: the stored row, its life cycle (spec 04), and {@link org.linotpee.token.TokenType}, the
 * extension point that carries everything special about a type (spec 08). Offers {@link
 * org.linotpee.token.Tokens} to the use cases. May call identity, policy, delivery, configuration
 * and crypto.
 */
package org.linotpee.token;
