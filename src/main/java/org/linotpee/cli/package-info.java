/**
 * The command line {@code bin/linotp}: installation, local administrators, settings, keys, audit
 * trail, and the preparation of {@code serve}. Works on the database directly, without a running
 * server. Offers nothing to other packages; may call every use case and what is below.
 */
package org.linotpee.cli;
