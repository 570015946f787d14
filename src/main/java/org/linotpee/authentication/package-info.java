/**
 * Authentication: the algorithm of spec 02 section 3, from a user and a password to accepted or
 * refused, in one short transaction. Offers {@link org.linotpee.authentication.Authentication} to
 * REST, SOAP and the pages. May call the domain packages and those below.
 */
package org.linotpee.authentication;
