/**
 * The read-only REST interface {@code /api/v2} (spec 01 section 19, 05 section 18). Offers nothing
 * to other packages; calls the same use cases as the rest of the edge.
 */
package org.linotpee.api.v2;
