/**
 * Policies: who may do what, and how the server behaves for whom (spec 07). Stored as configuration
 * entries, compiled once for each version of the configuration, evaluated in memory.
 */
package org.linotpee.policy;
