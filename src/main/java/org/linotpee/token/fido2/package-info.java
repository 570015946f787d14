/**
 * FIDO2 tokens (spec 08 section 21): credentials of the Web Authentication standard, whose
 * statements WebAuthn4J checks. Offers {@link org.linotpee.token.fido2.Fido2TokenType} alone. May
 * call what {@code token} may call.
 */
package org.linotpee.token.fido2;
