/**
 * The HTTP interface: one resource class for each controller of the specification, and what all of
 * them share: parameters, envelope, error mapping, session check. Offers the edge of a request to
 * the pages in {@code web}, nothing to other packages. May call every use case and what is below.
 */
package org.linotpee.api;
