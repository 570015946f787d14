/**
 * Users in tables of other databases (spec 05 section 10). Offers its {@link
 * org.linotpee.identity.Resolver} to identity through {@link org.linotpee.identity.ResolverType};
 * may call identity, configuration and crypto.
 */
package org.linotpee.identity.sql;
