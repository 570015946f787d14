package org.linotpee.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * Key pairs for ES256 (RFC 7518 section 3.4), one a master key and derived from it, so that every
 * node and every restart accepts the sessions that another one signed. Thread-safe.
 */
public final class JwtKeys {
  private static final String CURVE = "secp256r1";

  /** Wide enough that the reduction below favours no scalar noticeably (FIPS 186-5, A.2.1). */
  private static final int SCALAR_BYTES = 48;

  private record Pair(ECPrivateKey privateKey, ECPublicKey publicKey) {}

  private final Keys keys;
  private final Map<String, Pair> pairs = new ConcurrentHashMap<>();

  public JwtKeys(Keys keys) {
    this.keys = keys;
  }

  /** The id of the key that signs. */
  public String activeId() {
    return keys.activeId();
  }

  /** The ids of all keys whose signatures are accepted, the active one first. */
  public List<String> ids() {
    return keys.ids();
  }

  /**
   * The private key on P-256, for {@code SHA256withECDSAinP1363Format}.
   *
   * @throws KeyFileException if there is no such master key
   */
  public ECPrivateKey privateKey(String keyId) {
    return pair(keyId).privateKey();
  }

  /**
   * The public key on P-256.
   *
   * @throws KeyFileException if there is no such master key
   */
  public ECPublicKey publicKey(String keyId) {
    return pair(keyId).publicKey();
  }

  /** An ES256 signature with the active key: r and s, 32 bytes each. */
  public byte[] sign(byte[] data) {
    try {
      Signature signature = signature();
      signature.initSign(privateKey(activeId()));
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ES256 cannot sign", e);
    }
  }

  /** Whether an ES256 signature is right; false for an unknown key or a malformed signature. */
  public boolean verify(String keyId, byte[] data, byte[] sign) {
    if (!keys.ids().contains(keyId)) {
      return false;
    }
    try {
      Signature signature = signature();
      signature.initVerify(publicKey(keyId));
      signature.update(data);
      return signature.verify(sign);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ES256 cannot verify", e);
    }
  }

  private static Signature signature() throws GeneralSecurityException {
    return Signature.getInstance("SHA256withECDSAinP1363Format");
  }

  private Pair pair(String keyId) {
    return pairs.computeIfAbsent(keyId, this::derive);
  }

  private Pair derive(String keyId) {
    var curve = CustomNamedCurves.getByName(CURVE);
    var random = new BigInteger(1, keys.derive(Purpose.JWT, keyId, SCALAR_BYTES));
    BigInteger scalar = random.mod(curve.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
    var point = curve.getG().multiply(scalar).normalize();
    var publicPoint =
        new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(CURVE));
      var named = parameters.getParameterSpec(ECParameterSpec.class);
      var factory = KeyFactory.getInstance("EC");
      return new Pair(
          (ECPrivateKey) factory.generatePrivate(new ECPrivateKeySpec(scalar, named)),
          (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(publicPoint, named)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks P-256", e);
    }
  }
}
