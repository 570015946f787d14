/**
 * The audit trail: one row for each request, protected by a MAC, a hash chain and signatures.
 * Offers {@link org.linotpee.audit.AuditTrail} for writing and {@code AuditSearch} for reading. May
 * call configuration and crypto.
 */
package org.linotpee.audit;
