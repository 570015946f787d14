package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.linotpee.configuration.LinotpException;

/**
 * Reads an XML document child by child of its root, so that a file of any length needs the memory
 * of one record. Names are local names; document types and their entities are refused.
 */
final class XmlRecords {
  private static final int MAX_DEPTH = 32;

  /** An element with all that is in it. */
  record Element(String name, Map<String, String> attributes, String text, List<Element> children) {
    /** The first child of this name, in any case. */
    Optional<Element> child(String wanted) {
      return children(wanted).findFirst();
    }

    Stream<Element> children(String wanted) {
      return children.stream().filter(c -> c.name().equalsIgnoreCase(wanted));
    }

    /** The first element at the end of a path of names. */
    Optional<Element> at(String... path) {
      Optional<Element> found = Optional.of(this);
      for (String step : path) {
        found = found.flatMap(e -> e.child(step));
      }
      return found;
    }

    /** The first descendant of this name. */
    Optional<Element> descendant(String wanted) {
      return children.stream()
          .flatMap(
              c -> c.name().equalsIgnoreCase(wanted) ? Stream.of(c) : c.descendant(wanted).stream())
          .findFirst();
    }

    Optional<String> attribute(String wanted) {
      return Optional.ofNullable(attributes.get(wanted));
    }
  }

  private XmlRecords() {}

  /**
   * @param root tells whether the document is what was expected, by its root's name
   * @throws LinotpException -311 if it is not, or is no XML
   */
  static void read(Reader file, Predicate<String> root, Consumer<Element> records) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(file);
      try {
        int depth = 0;
        while (xml.hasNext()) {
          int event = xml.next();
          if (event == XMLStreamConstants.DTD) {
            throw LinotpException.unclassified("a token file must not have a document type");
          } else if (event == XMLStreamConstants.START_ELEMENT && depth == 0) {
            if (!root.test(xml.getLocalName())) {
              throw LinotpException.unclassified(
                  "the root element '" + xml.getLocalName() + "' is not that of a token file");
            }
            depth = 1;
          } else if (event == XMLStreamConstants.START_ELEMENT) {
            records.accept(element(xml, 1));
          }
        }
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      var place = e.getLocation();
      throw LinotpException.unclassified(
          "the token file is not XML"
              + (place == null
                  ? ""
                  : " (line "
                      + place.getLineNumber()
                      + ", column "
                      + place.getColumnNumber()
                      + ")"));
    }
  }

  private static Element element(XMLStreamReader xml, int depth) throws XMLStreamException {
    if (depth > MAX_DEPTH) {
      throw LinotpException.unclassified("the token file is nested too deeply");
    }
    var attributes = new HashMap<String, String>();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
    }
    String name = xml.getLocalName();
    var text = new StringBuilder();
    var children = new ArrayList<Element>();
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(xml, depth + 1));
        case XMLStreamConstants.END_ELEMENT -> {
          return new Element(
              name, Map.copyOf(attributes), text.toString().strip(), List.copyOf(children));
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw LinotpException.unclassified("a token file must not have entities");
        default -> {}
      }
    }
  }
}
