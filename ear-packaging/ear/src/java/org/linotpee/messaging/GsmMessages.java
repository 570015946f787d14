package org.linotpee.messaging;

import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.GsmListener;
import org.linotpee.gsm.ReceivedMessage;

/** Gets what the modems of the resource adapter receive and hands it to the application. */
@MessageDriven(name = "GsmMessages", messageListenerInterface = GsmListener.class)
public class GsmMessages implements GsmListener {
  @EJB(beanName = "GsmInbox")
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
