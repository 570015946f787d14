package org.linotpee.enrollment;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;
import org.linotpee.configuration.LinotpException;

/** A QR code: level M, 4 modules of quiet zone, 10 pixels a module (spec 03 section 2.5.3). */
public final class QrCode {
  private static final int PIXELS = 10;
  private static final int QUIET_MODULES = 4;

  private QrCode() {}

  /**
   * The picture of a text.
   *
   * @throws LinotpException -311 if the text is too long for a QR code
   */
  public static byte[] png(String text) {
    BitMatrix modules;
    try {
      modules =
          new QRCodeWriter()
              .encode(
                  text,
                  BarcodeFormat.QR_CODE,
                  0,
                  0,
                  Map.of(
                      EncodeHintType.ERROR_CORRECTION,
                      ErrorCorrectionLevel.M,
                      EncodeHintType.MARGIN,
                      QUIET_MODULES,
                      EncodeHintType.CHARACTER_SET,
                      "UTF-8"));
    } catch (WriterException | IllegalArgumentException e) {
      throw LinotpException.unclassified("the text does not fit into a QR code");
    }
    int size = modules.getWidth() * PIXELS;
    var image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        image.setRGB(x, y, modules.get(x / PIXELS, y / PIXELS) ? 0 : 0xffffff);
      }
    }
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The picture as HTML element.
   *
   * @param width in pixels, 0 for that of the picture
   * @param alt percent-encoded
   */
  public static String element(String text, int width, String alt) {
    return "<img id=\"challenge_qrcode\"  alt='"
        + alt
        + "'   "
        + (width == 0 ? "" : "width=" + width)
        + "   src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png(text))
        + "\"/>";
  }

  /** The picture as HTML element, {@code width} in pixels. */
  public static String element(String text, int width) {
    return "<img id=\"challenge_qrcode\"    width="
        + width
        + "   src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png(text))
        + "\"/>";
  }
}
