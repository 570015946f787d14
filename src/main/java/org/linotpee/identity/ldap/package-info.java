/**
 * Users in LDAP directories (spec 05 section 9). Offers its {@link org.linotpee.identity.Resolver}
 * to identity through {@link org.linotpee.identity.ResolverType}; may call identity, configuration
 * and crypto.
 */
package org.linotpee.identity.ldap;
