/**
 * Users, realms and the resolvers that find users in their stores (spec 05). Offers {@link
 * org.linotpee.identity.Users} for look-ups and password checks and the snapshot part {@link
 * org.linotpee.identity.Realms}. May call configuration and crypto.
 */
package org.linotpee.identity;
