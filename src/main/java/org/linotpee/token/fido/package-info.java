/**
 * FIDO tokens (spec 08 sections 20 and 21): devices of U2F, and credentials of the Web
 * Authentication standard, whose statements WebAuthn4J checks. Offers their {@link
 * org.linotpee.token.TokenType}s alone. May call what {@code token} may call.
 */
package org.linotpee.token.fido;
