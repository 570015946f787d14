package org.linotpee.messaging;

import jakarta.ejb.Stateless;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport;

/**
 * Defines the connection factory of the enterprise archive. It is not in the WAR, which could not be
 * deployed without the adapter then; which modem is meant is said by the provider that asks for a
 * connection.
 */
@Stateless
@ConnectionFactoryDefinition(
    name = "java:app/gsm/cf",
    interfaceName = "org.linotpee.gsm.GsmConnectionFactory",
    resourceAdapter = "#gsm",
    minPoolSize = 0,
    maxPoolSize = 64,
    transactionSupport = TransactionSupport.TransactionSupportLevel.NoTransaction)
public class GsmFactory {}
