package dev.jebena.governance;

import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.HtmlSanitizer;
import org.owasp.html.PolicyFactory;

/// Cards as HTML that is safe to show beside one's own pages: Markdown (CommonMark with tables),
/// and of the HTML in it only what is on a list. Scripts, styles, forms, frames, event handlers and
/// addresses other than `http`, `https`, `mailto` and relative ones do not pass.
public final class CardPage {
    private static final int LONGEST = 4 << 20;
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER =
            Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(100).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).percentEncodeUrls(true).build();
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}%?");
    private static final Pattern CODE = Pattern.compile("language-[\\w+#-]{1,40}");

    private static final PolicyFactory POLICY =
            new HtmlPolicyBuilder()
                    .allowElements(
                            "h1",
                            "h2",
                            "h3",
                            "h4",
                            "h5",
                            "h6",
                            "p",
                            "br",
                            "hr",
                            "blockquote",
                            "pre",
                            "code",
                            "ul",
                            "ol",
                            "li",
                            "em",
                            "strong",
                            "b",
                            "i",
                            "u",
                            "s",
                            "del",
                            "ins",
                            "sub",
                            "sup",
                            "small",
                            "kbd",
                            "samp",
                            "var",
                            "mark",
                            "q",
                            "cite",
                            "abbr",
                            "table",
                            "thead",
                            "tbody",
                            "tfoot",
                            "tr",
                            "th",
                            "td",
                            "caption",
                            "div",
                            "span",
                            "center",
                            "details",
                            "summary",
                            "dl",
                            "dt",
                            "dd",
                            "a",
                            "img",
                            "figure",
                            "figcaption",
                            "picture")
                    .allowStandardUrlProtocols()
                    .allowAttributes("href")
                    .onElements("a")
                    .allowAttributes("src")
                    .onElements("img")
                    .allowAttributes("alt", "title")
                    .onElements("img", "a", "abbr")
                    .allowAttributes("width", "height")
                    .matching(NUMBER)
                    .onElements("img", "td", "th", "table")
                    .allowAttributes("align")
                    .matching(true, "left", "right", "center", "middle", "top", "bottom")
                    .onElements("p", "div", "img", "td", "th", "tr", "table", "h1", "h2", "h3")
                    .allowAttributes("colspan", "rowspan", "start")
                    .matching(NUMBER)
                    .onElements("td", "th", "ol")
                    .allowAttributes("class")
                    .matching(CODE)
                    .onElements("code")
                    .allowAttributes("open")
                    .matching(true, "", "open")
                    .onElements("details")
                    .requireRelsOnLinks("nofollow", "noopener", "noreferrer")
                    .toFactory();

    private CardPage() {}

    /// The HTML of a Markdown text; a metadata block at its beginning is left out. Texts beyond 4
    /// MiB are cut.
    public static String html(String markdown) {
        return POLICY.sanitize(rendered(markdown));
    }

    /// The same as a tree, for pages that make no markup of text: a text is a string, an element
    /// `[name, {attributes}, children…]`.
    public static List<Object> tree(String markdown) {
        CardTree tree = new CardTree();
        HtmlSanitizer.sanitize(rendered(markdown), POLICY.apply(tree));
        return tree.nodes();
    }

    private static String rendered(String markdown) {
        String body = Card.of(markdown, CardKind.MODEL).body();
        String text = body.length() > LONGEST ? body.substring(0, LONGEST) : body;
        Node document = PARSER.parse(text);
        return RENDERER.render(document);
    }
}
