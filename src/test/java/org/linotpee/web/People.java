package org.linotpee.web;

/** Users whom the tests of pages know. */
final class People {
  private static boolean there;

  private People() {}

  /** Makes sure that the realm {@code people} has its users. */
  static synchronized void present() {
    if (!there) {
      BrowserTest.api()
          .people(
              """
              hans,1,Meier,Hans,hans@example.com,0301,01701,secret
              anna,2,Albers,Anna,anna@example.com,0302,01702,secret
              otto,3,Bauer,Otto,otto@example.com,0303,01703,secret
              script,4,<script>window.hit=1</script>,=1+1,s@example.com,,,secret
              alice,5,Adams,Alice,alice@example.org,,,alices-password
              bob,6,Brown,Bob,bob@example.org,0306,01706,bobs-password
              """);
      there = true;
    }
  }
}
