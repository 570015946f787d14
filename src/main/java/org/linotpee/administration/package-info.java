/**
 * Administrators: login, access tokens and their revocation, local accounts. Offers {@link
 * org.linotpee.administration.Administrator} as the actor of every management request. May call the
 * domain packages and those below.
 */
package org.linotpee.administration;
