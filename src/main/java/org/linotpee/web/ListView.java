package org.linotpee.web;

import jakarta.enterprise.inject.spi.CDI;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.linotpee.configuration.LinotpException;
import org.primefaces.PrimeFaces;
import org.primefaces.event.SelectEvent;
import org.primefaces.event.data.PageEvent;
import org.primefaces.event.data.SortEvent;
import org.primefaces.model.FilterMeta;
import org.primefaces.model.LazyDataModel;
import org.primefaces.model.SortMeta;
import org.primefaces.model.SortOrder;

/**
 * The state of a view that lists something: which part, in which order, which columns, what is
 * selected. The rows come page by page from a use case that sorts, searches and counts in the
 * database. All of it is in the address of the view, so that it can be bookmarked: the view
 * declares {@code <f:viewParam>} for {@code page}, {@code size}, {@code sort}, {@code columns} and
 * for each of its filters.
 *
 * <p>A backing bean extends it, is {@code @Named @ViewScoped}, and says what {@link #find} finds.
 * The table is {@code <p:dataTable value="#{bean.rows}" lazy="true" ...>}; the tag {@code
 * /WEB-INF/tags/list} shows the rest.
 *
 * @param <T> what is listed, as it is shown: never a secret, sealed or not
 */
public abstract class ListView<T extends Serializable> implements Serializable {
  /**
   * A column.
   *
   * @param name the key of its text behind the list's prefix, and its name in the address
   * @param sortKey what the use case calls it; empty if it cannot sort by it
   * @param shown whether it is shown unless told otherwise
   */
  public record Column(String name, String sortKey, boolean shown) implements Serializable {
    public boolean sortable() {
      return !sortKey.isEmpty();
    }
  }

  /**
   * A part of the list.
   *
   * @param number from 1
   * @param sortKey of a column
   */
  public record Slice(int number, int size, String sortKey, boolean descending) {}

  /** What was found: the rows of the part, and the number of all. */
  public record Found<T>(List<T> rows, long total) {}

  private static final long serialVersionUID = 1L;
  private static final int DEFAULT_SIZE = 20;
  private static final Set<Integer> SIZES = Set.of(10, 20, 50, 100);

  private final List<Column> columns;
  private final Rows rows = new Rows();
  private Set<String> shown;
  private List<T> selected = new ArrayList<>();
  private int page = 1;
  private int size = DEFAULT_SIZE;
  private String sort;
  private boolean descending;

  /**
   * @param columns all columns, in their order
   * @param sort the column that the list is sorted by unless told otherwise
   */
  protected ListView(List<Column> columns, String sort) {
    this.columns = List.copyOf(columns);
    this.sort = sort;
    this.shown = standard();
  }

  private Set<String> standard() {
    return columns.stream()
        .filter(Column::shown)
        .map(Column::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * A part of the list.
   *
   * @throws LinotpException if it may not be seen or the search cannot be made; it is told then
   */
  protected abstract Found<T> find(Slice slice);

  /** Hands all rows over, whatever the page; for the export. */
  protected abstract void all(String sortKey, boolean descending, Consumer<T> reader);

  /** What tells a row from others. */
  protected abstract String key(T row);

  /** The cell of a row as text; for the export. */
  protected abstract String cell(T row, String column);

  /** The filters that are set, by their names in the address. */
  protected abstract Map<String, String> filters();

  /** The prefix of the keys of its texts: {@code tokens}. */
  public abstract String getTexts();

  // the rows ------------------------------------------------------------------------------------

  /** What the table shows. */
  public LazyDataModel<T> getRows() {
    return rows;
  }

  /** Forgets what was found, so that it is looked for again. */
  public void reload() {
    rows.forget();
  }

  private Slice slice(int first, int number) {
    int rowsOnPage = Math.max(1, number);
    return new Slice(first / rowsOnPage + 1, rowsOnPage, sortKey(), descending);
  }

  private String sortKey() {
    return columns.stream()
        .filter(c -> c.name().equals(sort))
        .map(Column::sortKey)
        .findFirst()
        .orElse("");
  }

  /** One question for the number of rows and the rows. */
  private final class Rows extends LazyDataModel<T> {
    private static final long serialVersionUID = 1L;
    private transient Slice asked;
    private transient Found<T> found;

    void forget() {
      asked = null;
      found = null;
    }

    private Found<T> ask(Slice slice) {
      if (found == null || !slice.equals(asked)) {
        asked = slice;
        try {
          found = find(slice);
        } catch (LinotpException e) {
          CDI.current().select(Messages.class).get().failed(e);
          found = new Found<>(List.of(), 0);
        }
      }
      return found;
    }

    @Override
    public int count(Map<String, FilterMeta> filters) {
      forget();
      return (int) Math.min(Integer.MAX_VALUE, ask(slice(getFirst(), size)).total());
    }

    @Override
    public List<T> load(
        int first, int number, Map<String, SortMeta> order, Map<String, FilterMeta> filters) {
      return ask(slice(first, number)).rows();
    }

    @Override
    public String getRowKey(T row) {
      return key(row);
    }

    @Override
    public T getRowData(String rowKey) {
      List<T> known = getWrappedData();
      return known == null
          ? null
          : known.stream().filter(row -> key(row).equals(rowKey)).findFirst().orElse(null);
    }
  }

  // the part and the order ------------------------------------------------------------------------

  public int getFirst() {
    return (page - 1) * size;
  }

  public int getPage() {
    return page;
  }

  public void setPage(int number) {
    page = Math.min(Math.max(1, number), Integer.MAX_VALUE / 100);
  }

  public int getSize() {
    return size;
  }

  public void setSize(int number) {
    size = SIZES.contains(number) ? number : DEFAULT_SIZE;
  }

  /** The column, behind a hyphen if descending. */
  public String getSort() {
    return (descending ? "-" : "") + sort;
  }

  public void setSort(String text) {
    String name = text == null ? "" : text.startsWith("-") ? text.substring(1) : text;
    if (columns.stream().anyMatch(c -> c.name().equals(name) && c.sortable())) {
      sort = name;
      descending = text != null && text.startsWith("-");
    }
  }

  /** The order, as the table wants it. */
  public SortMeta getOrder() {
    return SortMeta.builder()
        .field(sort)
        .order(descending ? SortOrder.DESCENDING : SortOrder.ASCENDING)
        .build();
  }

  /** The reader has turned a page. */
  public void paged(PageEvent event) {
    if (event.getRowsPerPage() != null) {
      setSize(event.getRowsPerPage());
    }
    setPage(event.getPage() + 1);
    tellAddress();
  }

  /** The reader has chosen another order. */
  public void sorted(SortEvent event) {
    event.getSortBy().values().stream()
        .filter(SortMeta::isActive)
        .findFirst()
        .ifPresent(meta -> setSort((meta.getOrder().isDescending() ? "-" : "") + meta.getField()));
    page = 1;
    tellAddress();
  }

  // columns ---------------------------------------------------------------------------------------

  public List<Column> getAllColumns() {
    return columns;
  }

  /** The column that the list is sorted by is shown, too: the table knows no order without it. */
  public boolean shows(String column) {
    return shown.contains(column) || column.equals(sort);
  }

  /** The shown columns, as check boxes have them. */
  public List<String> getShown() {
    return List.copyOf(shown);
  }

  public void setShown(List<String> names) {
    var wanted =
        columns.stream()
            .map(Column::name)
            .filter(names::contains)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    shown = wanted.isEmpty() ? standard() : wanted;
  }

  /** The shown columns, as the address has them: joined by dots. */
  public String getColumns() {
    return shown.equals(standard()) ? "" : String.join(".", shown);
  }

  public void setColumns(String text) {
    if (text != null && !text.isBlank()) {
      setShown(List.of(text.split("\\.")));
    }
  }

  /** Shows the chosen columns from now on. */
  public void choose() {
    tellAddress();
  }

  // the address -----------------------------------------------------------------------------------

  /** What follows the question mark in the address of this view. */
  public String getQuery() {
    var parameters = new LinkedHashMap<String, String>(filters());
    if (page > 1) {
      parameters.put("page", String.valueOf(page));
    }
    if (size != DEFAULT_SIZE) {
      parameters.put("size", String.valueOf(size));
    }
    parameters.put("sort", getSort());
    parameters.put("columns", getColumns());
    return parameters.entrySet().stream()
        .filter(e -> e.getValue() != null && !e.getValue().isEmpty())
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private void tellAddress() {
    if (PrimeFaces.current().isAjaxRequest()) {
      PrimeFaces.current().ajax().addCallbackParam("address", "?" + getQuery());
    }
  }

  // selection -------------------------------------------------------------------------------------

  public List<T> getSelected() {
    return selected;
  }

  public void setSelected(List<T> chosen) {
    selected = chosen == null ? new ArrayList<>() : chosen;
  }

  /** The keys of the selected rows. */
  public List<String> getSelectedKeys() {
    return selected.stream().map(this::key).toList();
  }

  /** A row was selected or is not any more; the buttons are shown anew. */
  public void selectionChanged(SelectEvent<T> event) {}

  public boolean isNothingSelected() {
    return selected.isEmpty();
  }

  /** Nothing is selected any more, and the list is read again. */
  protected void changed() {
    selected = new ArrayList<>();
    reload();
  }

  // export ----------------------------------------------------------------------------------------

  /** The list as it is filtered and sorted, with the shown columns, as CSV file. */
  public void export() {
    Texts texts = CDI.current().select(Texts.class).get();
    List<String> names = getShown();
    try (Csv csv = Csv.download(getTexts() + ".csv")) {
      csv.line(names.stream().map(name -> texts.of(getTexts() + "." + name)).toList());
      all(
          sortKey(),
          descending,
          row ->
              csv.line(
                  names.stream()
                      .map(name -> Optional.ofNullable(cell(row, name)).orElse(""))
                      .toList()));
    }
  }
}
