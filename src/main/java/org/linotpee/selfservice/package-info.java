/**
 * What users do with their own tokens (spec 09): login, session, token operations, enrollment, test
 * and history. Offers its services to REST and the pages; each takes the {@link
 * org.linotpee.identity.User} of the session and enforces the policies of the scope selfservice.
 * May call authentication, enrollment and what those may.
 */
package org.linotpee.selfservice;
