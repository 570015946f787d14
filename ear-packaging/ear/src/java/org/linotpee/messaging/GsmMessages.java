package org.linotpee.messaging;

import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.GsmListener;
import org.linotpee.gsm.ReceivedMessage;

/**
 * Gets what the modems of the resource adapter receive and hands it to the application. The
 * connection factory is defined here, for a WAR that does so could not be deployed without the
 * adapter; which modem is meant is said by the provider that asks for a connection.
 */
@MessageDriven(name = "GsmMessages", messageListenerInterface = GsmListener.class)
@ConnectionFactoryDefinition(
    name = "java:app/gsm/cf",
    interfaceName = "org.linotpee.gsm.GsmConnectionFactory",
    resourceAdapter = "#gsm",
    minPoolSize = 0,
    maxPoolSize = 64,
    transactionSupport = TransactionSupport.TransactionSupportLevel.NoTransaction)
public class GsmMessages implements GsmListener {
  @EJB(lookup = "java:app/linotp-ee-web/GsmInbox!org.linotpee.gsm.GsmListener")
  private GsmListener inbox;

  @Override
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  public void onMessage(ReceivedMessage message) {
    inbox.onMessage(message);
  }

  @Override
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  public void onReport(DeliveryReport report) {
    inbox.onReport(report);
  }
}
