package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.administration.TokenList;
import org.linotpee.identity.UserName;
import org.linotpee.web.ListView;
import org.linotpee.web.Texts;

/** The list of tokens (spec 10 section 2.2). */
@Named
@ViewScoped
public class TokenListView extends ListView<TokenRow> {
  private static final long serialVersionUID = 1L;

  @Inject private transient TokenList tokens;
  @Inject private transient Clock clock;
  @Inject private Texts texts;

  private String q = "";
  private String user = "";
  private String realm = "";

  public TokenListView() {
    super(
        List.of(
            new Column("serial", "TokenSerialnumber", true),
            new Column("type", "TokenType", true),
            new Column("state", "Isactive", true),
            new Column("owner", "", true),
            new Column("realms", "", true),
            new Column("description", "TokenDesc", true),
            new Column("failCount", "FailCount", true),
            new Column("maxFail", "", false),
            new Column("otpLength", "", false),
            new Column("counterWindow", "", false),
            new Column("syncWindow", "", false),
            new Column("userId", "Userid", false),
            new Column("resolver", "IdResolver", false),
            new Column("created", "CreationDate", false),
            new Column("lastAccess", "LastAuthMatch", false),
            new Column("lastSuccess", "LastAuthSuccess", true)),
        "serial");
  }

  private TokenList.Query query(String sortKey, boolean descending, Optional<TokenList.Page> page) {
    return new TokenList.Query(
        Optional.empty(),
        Optional.of(user).filter(u -> !u.isEmpty()),
        new UserName(user, "*"),
        Optional.of(realm).filter(r -> !r.isEmpty()),
        Optional.of(q).filter(text -> !text.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        sortKey,
        descending,
        page);
  }

  @Override
  protected Found<TokenRow> find(Slice slice) {
    TokenList.Result result =
        tokens.find(
            query(
                slice.sortKey(),
                slice.descending(),
                Optional.of(new TokenList.Page(slice.number(), slice.size()))));
    var now = clock.instant();
    return new Found<>(
        result.entries().stream().map(entry -> TokenRow.of(entry, now)).toList(), result.total());
  }

  @Override
  protected void all(String sortKey, boolean descending, Consumer<TokenRow> reader) {
    var now = clock.instant();
    tokens
        .everything(query(sortKey, descending, Optional.empty()))
        .entries()
        .forEach(entry -> reader.accept(TokenRow.of(entry, now)));
  }

  @Override
  protected String key(TokenRow row) {
    return row.serial();
  }

  @Override
  protected String cell(TokenRow row, String column) {
    return row.cell(column, texts);
  }

  @Override
  protected Map<String, String> filters() {
    var filters = new LinkedHashMap<String, String>();
    filters.put("q", q);
    filters.put("user", user);
    filters.put("realm", realm);
    return filters;
  }

  @Override
  public String getTexts() {
    return "tokens";
  }

  public String getQ() {
    return q;
  }

  public void setQ(String text) {
    q = text == null ? "" : text.trim();
  }

  public String getUser() {
    return user;
  }

  public void setUser(String text) {
    user = text == null ? "" : text.trim();
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String name) {
    realm = name == null ? "" : name;
  }
}
