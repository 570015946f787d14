/**
 * How tokens come into being: enrollment with what a user's app needs to take the token over (spec
 * 03 section 2). Offers {@link org.linotpee.enrollment.Enrollment} to the edge and to self-service.
 * May call the domain packages and those below.
 */
package org.linotpee.enrollment;
