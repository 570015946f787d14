/**
 * The test pages below {@code /auth} (spec 10 section 4): anybody may try an authentication there.
 * Their script calls {@code /validate}; the pages themselves call nothing.
 */
package org.linotpee.web.auth;
