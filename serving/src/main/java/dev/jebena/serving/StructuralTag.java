package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Constraint.Tag;
import dev.jebena.llm.TaggedArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// vLLM's and SGLang's structural tags: parts of an answer with a form of their own. Both the newer
/// notation, a tree of formats, and the older one of `structures` and `triggers` are read.
final class StructuralTag {
    private static final int MAX_DEPTH = 50;

    private int depth;

    private StructuralTag() {}

    /// The constraint of field `name`: an object, or one as JSON text.
    static Constraint of(RequestFields fields, String name) {
        Object value = fields.value(name);
        if (value instanceof String text) {
            try {
                value = Json.parse(text);
            } catch (JsonException e) {
                throw fields.invalid(name, "no JSON: " + e.getMessage());
            }
        }
        if (!(value instanceof Map<?, ?>)) {
            throw fields.invalid(name, "expected a structural tag");
        }
        return of(new RequestFields(HttpJson.objectOf(value)));
    }

    /// The constraint of `{"type": "structural_tag", "format": ...}`, or of the older notation.
    static Constraint of(RequestFields tag) {
        String type = tag.string("type", "structural_tag");
        if (!type.equals("structural_tag")) {
            throw tag.invalid("type", "expected structural_tag, found " + type);
        }
        if (tag.has("structures")) {
            return older(tag);
        }
        return new StructuralTag().format(required(tag, "format"));
    }

    private static Constraint older(RequestFields tag) {
        List<Tag> tags = new ArrayList<>();
        for (RequestFields one : tag.objects("structures")) {
            tags.add(
                    new Tag(
                            one.required("begin"),
                            OutputFormat.schema(one, "schema"),
                            List.of(one.string("end", ""))));
        }
        return new Constraint.Tagged(strings(tag, "triggers"), tags, List.of(), false, false);
    }

    private Constraint format(RequestFields format) {
        if (++depth > MAX_DEPTH) {
            throw format.invalid("format", "nested deeper than " + MAX_DEPTH);
        }
        String type = format.required("type");
        Constraint read =
                switch (type) {
                    case "const_string" -> new Constraint.Text(format.required("value"));
                    case "json_schema" -> OutputFormat.schema(format, "json_schema");
                    case "qwen_xml_parameter" -> parameters(format);
                    case "grammar" -> Constraint.grammar(format.required("grammar"));
                    case "regex" -> Constraint.regex(format.required("pattern"));
                    case "any_text" -> new Constraint.Free(strings(format, "excludes"));
                    case "sequence" -> new Constraint.Sequence(formats(format, "elements"));
                    case "or" -> new Constraint.Either(formats(format, "elements"));
                    case "optional" -> new Constraint.Repeated(content(format), 0, 1);
                    case "star" -> new Constraint.Repeated(content(format), 0, -1);
                    case "plus" -> new Constraint.Repeated(content(format), 1, -1);
                    case "repeat" ->
                            new Constraint.Repeated(
                                    content(format),
                                    format.integer("min", 0, 100_000, 0),
                                    format.integer("max", -1, 100_000, -1));
                    case "tag" -> whole(tag(format));
                    case "triggered_tags" -> triggered(format);
                    case "tags_with_separator" -> separated(format);
                    default ->
                            throw format.invalid(
                                    "type",
                                    "expected const_string, json_schema, qwen_xml_parameter, grammar, regex, any_text, sequence, or, optional, star, plus, repeat, tag, triggered_tags or tags_with_separator, found "
                                            + type);
                };
        depth--;
        return read;
    }

    private static RequestFields required(RequestFields fields, String name) {
        RequestFields found = fields.object(name);
        if (found == null) {
            throw fields.invalid(name, "missing");
        }
        return found;
    }

    private Constraint content(RequestFields format) {
        return format(required(format, "content"));
    }

    private List<Constraint> formats(RequestFields fields, String name) {
        List<Constraint> formats = new ArrayList<>();
        for (RequestFields one : fields.objects(name)) {
            formats.add(format(one));
        }
        if (formats.isEmpty()) {
            throw fields.invalid(name, "there are none");
        }
        return formats;
    }

    private static Constraint parameters(RequestFields format) {
        RequestFields schema = required(format, "json_schema");
        Map<String, @Nullable Object> values = schema.values();
        return TaggedArguments.of(values, "<parameter=%s>", "</parameter>", "</parameter>");
    }

    private Tag tag(RequestFields tag) {
        List<String> ends =
                tag.value("end") instanceof List<?>
                        ? strings(tag, "end")
                        : List.of(tag.string("end", ""));
        return new Tag(tag.required("begin"), content(tag), ends);
    }

    private List<Tag> tags(RequestFields fields) {
        List<Tag> tags = new ArrayList<>();
        fields.objects("tags").forEach(one -> tags.add(tag(one)));
        if (tags.isEmpty()) {
            throw fields.invalid("tags", "there are none");
        }
        return tags;
    }

    /// The tag alone. It begins as a trigger would have it, so that it is the first and last one.
    private static Constraint whole(Tag tag) {
        return new Constraint.Tagged(List.of(tag.begin()), List.of(tag), List.of(), true, true);
    }

    private Constraint triggered(RequestFields format) {
        return new Constraint.Tagged(
                strings(format, "triggers"),
                tags(format),
                strings(format, "excludes"),
                format.flag("at_least_one", false),
                format.flag("stop_after_first", false));
    }

    private Constraint separated(RequestFields format) {
        List<Constraint> tags = tags(format).stream().map(StructuralTag::whole).toList();
        Constraint one = new Constraint.Either(tags);
        Constraint more =
                new Constraint.Sequence(
                        List.of(new Constraint.Text(format.string("separator", "")), one));
        Constraint all =
                format.flag("stop_after_first", false)
                        ? one
                        : new Constraint.Sequence(
                                List.of(one, new Constraint.Repeated(more, 0, -1)));
        return format.flag("at_least_one", false) ? all : new Constraint.Repeated(all, 0, 1);
    }

    private static List<String> strings(RequestFields fields, String name) {
        List<String> found = fields.strings(name);
        return found == null ? List.of() : found;
    }
}
