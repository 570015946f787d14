package org.linotpee.identity.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.SSLSocketVerifier;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;

/**
 * The certificate must be for the name in the URI. An address is not looked up in the DNS for a
 * name that would fit: whoever answers that question could choose it.
 */
final class ServerName extends SSLSocketVerifier {
  private final DefaultHostnameVerifier verifier = new DefaultHostnameVerifier();

  @Override
  public void verifySSLSocket(String host, int port, SSLSocket socket) throws LDAPException {
    try {
      verifier.verify(host, (X509Certificate) socket.getSession().getPeerCertificates()[0]);
    } catch (SSLException e) {
      throw new LDAPException(ResultCode.CONNECT_ERROR, e.getMessage(), e);
    }
  }
}
