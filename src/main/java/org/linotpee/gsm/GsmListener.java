package org.linotpee.gsm;

/** Takes what modems receive; message-driven beans implement it. */
public interface GsmListener {
  /** A short message has come. If this fails, it stays in the modem and is offered again. */
  void onMessage(ReceivedMessage message);

  /** The network tells what became of a sent message. */
  void onReport(DeliveryReport report);
}
