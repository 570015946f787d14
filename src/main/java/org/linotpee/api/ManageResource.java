package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.Administrator;
import org.linotpee.administration.TokenList;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserSearch;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.Token;

/** {@code /manage}: what management pages ask for (spec 03 section 10). */
@Path("/manage")
@RequestScoped
public class ManageResource {
  private static final int ROWS = 20;
  private static final List<String> USER_COLUMNS =
      List.of(
          "username",
          "useridresolver",
          "surname",
          "givenname",
          "email",
          "mobile",
          "phone",
          "userid");
  private static final List<String> PERSON =
      List.of("givenname", "surname", "email", "phone", "mobile");

  @Inject private ApiRequest request;
  @Inject private TokenList tokens;
  @Inject private UserSearch search;
  @Inject private Users users;
  @Inject private AdminRights rights;

  private Realms realms() {
    return request.snapshot().part(Realms.class);
  }

  private int number(String name, int otherwise) {
    try {
      return request
          .parameters()
          .text(name)
          .filter(text -> !text.isBlank())
          .map(text -> Integer.parseInt(text.trim()))
          .orElse(otherwise);
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'" + name + "' must be a number");
    }
  }

  private Response rows(int page, long total, List<Map<String, Object>> rows) {
    request.audit().success(true);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("page", page);
    answer.put("total", total);
    answer.put("rows", rows);
    return Reply.value(answer).build();
  }

  private static Map<String, Object> row(String id, List<Object> cells) {
    var row = new LinkedHashMap<String, Object>();
    row.put("id", id);
    row.put("cell", cells);
    return row;
  }

  // tokens ----------------------------------------------------------------------------------------

  @GET
  @Path("tokenview_flexi")
  public Response tokens() {
    Parameters parameters = request.parameters();
    int page = Math.max(1, number("page", 1));
    String query = parameters.textOrEmpty("query");
    String type = parameters.textOrEmpty("qtype");
    Optional<String> login =
        type.equals("loginname") && !query.isEmpty() ? Optional.of(query) : Optional.empty();
    TokenList.Result found =
        tokens.find(
            new TokenList.Query(
                Optional.empty(),
                login,
                login.map(this::named).orElse(UserName.NONE),
                type.equals("realm") && !query.isEmpty() ? Optional.of(query) : Optional.empty(),
                type.equals("all") ? Optional.of(query) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                parameters.textOrEmpty("sortname"),
                parameters.textOrEmpty("sortorder").equals("desc"),
                Optional.of(new TokenList.Page(page, Math.max(0, number("rp", ROWS))))));
    return rows(page, found.total(), found.entries().stream().map(ManageResource::row).toList());
  }

  @POST
  @Path("tokenview_flexi")
  public Response postTokens() {
    return tokens();
  }

  /** A user of the realm behind the last {@code @}, or of any realm. */
  private UserName named(String text) {
    int at = text.lastIndexOf('@');
    if (at > 0 && realms().named(text.substring(at + 1)).isPresent()) {
      var name = new UserName(text.substring(0, at), text.substring(at + 1));
      if (users.find(name) instanceof UserLookup.Found) {
        return name;
      }
    }
    return new UserName(text, "*");
  }

  private static Map<String, Object> row(TokenList.Entry entry) {
    Token token = entry.token();
    String unknown = entry.orphaned() ? TokenList.NO_USER_INFO : "";
    String login = entry.owner().map(o -> o.getOrDefault("username", unknown)).orElse(unknown);
    return row(
        token.serial(),
        List.of(
            token.serial(),
            token.active(),
            login,
            List.copyOf(entry.realms()),
            token.type(),
            token.failCount(),
            token.description(),
            token.maxFail(),
            token.otpLength(),
            token.counterWindow(),
            token.syncWindow(),
            token.owner().map(o -> o.userId()).orElse(""),
            token.owner().map(o -> o.resolverName()).orElse("")));
  }

  @GET
  @Path("tokeninfo")
  public Response tokenInfo() {
    String serial = request.parameters().required("serial");
    var query =
        new TokenList.Query(
            Optional.of(serial),
            Optional.empty(),
            UserName.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            false,
            Optional.of(new TokenList.Page(1, 1)));
    var table = new StringBuilder("<table class=\"token_info\">\n");
    for (TokenList.Entry entry : tokens.find(query).entries()) {
      TokenAnswers.listed(entry, false, List.of())
          .forEach(
              (name, value) ->
                  table
                      .append("<tr><td>")
                      .append(Answers.escaped(name))
                      .append("</td><td>")
                      .append(Answers.escaped(String.valueOf(value)))
                      .append("</td></tr>\n"));
    }
    return html(table.append("</table>\n").toString());
  }

  @POST
  @Path("tokeninfo")
  public Response postTokenInfo() {
    return tokenInfo();
  }

  // users -----------------------------------------------------------------------------------------

  /** Sorted here: a user store cannot sort by every column. */
  @GET
  @Path("userview_flexi")
  public Response users() {
    Parameters parameters = request.parameters();
    String realm = parameters.textOrEmpty("realm");
    rights.requireForUser("userlist", "list users of", new UserName("", realm));
    String query = parameters.text("query").filter(q -> !q.isEmpty()).orElse("*");
    String attribute = parameters.text("qtype").filter(q -> !q.isEmpty()).orElse("username");
    String sort = parameters.text("sortname").filter(s -> !s.isEmpty()).orElse("username");
    int column = USER_COLUMNS.indexOf(sort);
    if (column < 0) {
      throw LinotpException.unclassified(
          "users cannot be sorted by '" + sort + "'; the columns are " + USER_COLUMNS);
    }
    var rows = new ArrayList<Map<String, Object>>();
    search.find(
        search.resolvers(realm, ""),
        Map.of(attribute, query),
        user -> {
          rows.add(row(user.getOrDefault("username", ""), cells(user)));
          return true;
        });
    Comparator<Map<String, Object>> order =
        Comparator.comparing(row -> ((List<?>) row.get("cell")).get(column).toString());
    rows.sort(parameters.textOrEmpty("sortorder").equals("desc") ? order.reversed() : order);
    int page = Math.max(1, number("page", 1));
    int size = Math.max(0, number("rp", ROWS));
    int from = (int) Math.min(rows.size(), (page - 1L) * size);
    return rows(
        page, rows.size(), rows.subList(from, (int) Math.min(rows.size(), (long) from + size)));
  }

  @POST
  @Path("userview_flexi")
  public Response postUsers() {
    return users();
  }

  /** The resolver carries its class in parentheses, as clients send it back. */
  private static List<Object> cells(Map<String, String> user) {
    String[] spec = user.getOrDefault("resolver", "").split("\\.");
    String resolver =
        spec.length > 3 ? spec[spec.length - 1] + " (" + spec[spec.length - 3] + ")" : "";
    var cells = new ArrayList<Object>();
    for (String column : USER_COLUMNS) {
      cells.add(column.equals("useridresolver") ? resolver : user.getOrDefault(column, ""));
    }
    return cells;
  }

  // the administrator -----------------------------------------------------------------------------

  @GET
  @Path("context")
  public Response context() {
    Administrator administrator = request.loggedIn();
    Map<String, String> attributes =
        users.find(
                    new UserName(
                        administrator.login(), administrator.realm(), administrator.resolver()))
                instanceof UserLookup.Found found
            ? found.user().attributes()
            : Map.of();
    var user = new LinkedHashMap<String, Object>();
    user.put("username", administrator.login());
    user.put("userid", attributes.getOrDefault("userid", administrator.login()));
    user.put("realm", administrator.realm());
    user.put("resolver", administrator.resolver());
    user.put("groupid", administrator.resolver());
    PERSON.forEach(name -> user.put(name, attributes.getOrDefault(name, "")));
    AdminRights.Permissions permissions = rights.permissions();
    var granted = new LinkedHashMap<String, Object>();
    granted.put("inRealm", permissions.inRealm());
    granted.put("anyRealm", permissions.anyRealm());
    granted.put("global", permissions.global());
    var detail = new LinkedHashMap<String, Object>();
    detail.put("version", Reply.VERSION);
    detail.put("copyright", "the authors of linotp-ee");
    detail.put("user", user);
    detail.put("permissions", granted);
    return Reply.value(true).detail(detail).build();
  }

  // pages -----------------------------------------------------------------------------------------

  private static Response html(String body) {
    return Response.ok(body, "text/html; charset=utf-8").build();
  }

  @GET
  @Path("{part: tokenview|userview|policies|audittrail}")
  public Response part() {
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    return html("<table id=\"" + name + "\"></table>\n");
  }

  @POST
  @Path("{part: tokenview|userview|policies|audittrail}")
  public Response postPart() {
    return part();
  }

  @GET
  @Path("custom_style")
  public Response style() {
    return html("");
  }

  @POST
  @Path("custom_style")
  public Response postStyle() {
    return style();
  }
}
