/**
 * Figures about the installation: tokens and users by realm (spec 01 section 15). Offers {@link
 * org.linotpee.reporting.TokenStatistics} to the edge; may call the domain packages and those
 * below.
 */
package org.linotpee.reporting;
