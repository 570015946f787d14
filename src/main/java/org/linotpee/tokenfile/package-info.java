/**
 * Reads the files in which vendors deliver token seeds (spec 03 section 8). Every format is a
 * stream of records; nothing here knows databases or requests.
 */
package org.linotpee.tokenfile;
