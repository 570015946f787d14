/**
 * Keys and everything that is computed with them: the key file, sealing of stored secrets, OTP
 * PINs, password hashes, one-time-password values and the signing keys of the server. Offers {@link
 * org.linotpee.crypto.KeyFile}, {@link org.linotpee.crypto.Sealer}, {@link
 * org.linotpee.crypto.Pins}, {@link org.linotpee.crypto.Passwords} and {@link
 * org.linotpee.crypto.Hotp} to every package above. Calls nothing of ours and no framework.
 */
package org.linotpee.crypto;
