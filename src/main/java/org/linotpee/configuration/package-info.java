/**
 * Settings of the installation, stored configuration entries and the snapshot that the request path
 * reads instead of the database. Offers {@link org.linotpee.configuration.Transactions}, the
 * exception base and the snapshot mechanism to every package above. Calls nothing of ours.
 */
package org.linotpee.configuration;
