package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.regex.Pattern;

/// The name of a model in the store: `[host/][namespace/]model[:tag]`.
///
/// @param host a server's name, perhaps with a port; [#DEFAULT_HOST] when none was given
/// @param namespace a user or organization; [#DEFAULT_NAMESPACE] when none was given
/// @param tag [#DEFAULT_TAG] when none was given
public record ModelName(String host, String namespace, String model, String tag) {
    public static final String DEFAULT_HOST = "jebena";
    public static final String DEFAULT_NAMESPACE = "library";
    public static final String DEFAULT_TAG = "latest";

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::[0-9]{1,5})?");
    private static final Pattern PART =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?");

    public ModelName {
        check("host", host, HOST);
        check("namespace", namespace, PART);
        check("model", model, PART);
        check("tag", tag, PART);
    }

    /// Reads a name; missing parts get their defaults. Throws BAD_REQUEST for anything that could
    /// not be a file name everywhere.
    public static ModelName parse(String text) {
        String name = text.strip();
        int slash = name.lastIndexOf('/');
        int colon = name.indexOf(':', slash + 1);
        String tag = colon < 0 ? DEFAULT_TAG : name.substring(colon + 1);
        String[] parts = (colon < 0 ? name : name.substring(0, colon)).split("/", -1);
        return switch (parts.length) {
            case 1 -> new ModelName(DEFAULT_HOST, DEFAULT_NAMESPACE, parts[0], tag);
            case 2 -> new ModelName(DEFAULT_HOST, parts[0], parts[1], tag);
            case 3 -> new ModelName(parts[0], parts[1], parts[2], tag);
            default ->
                    throw Problem.badRequest(
                            "invalid model name '%s': expected [host/][namespace/]model[:tag]"
                                    .formatted(brief(name)));
        };
    }

    private static void check(String what, String part, Pattern pattern) {
        if (!pattern.matcher(part).matches() || part.contains("..")) {
            throw Problem.badRequest(
                    "invalid model name: the %s '%s' must be letters, digits, '.', '_' and '-', and begin with a letter, a digit or '_'"
                            .formatted(what, brief(part)));
        }
    }

    private static String brief(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    /// All four parts.
    public String full() {
        return host + "/" + namespace + "/" + model + ":" + tag;
    }

    /// The name as people write it: without the default host and namespace, always with the tag.
    @Override
    public String toString() {
        if (!host.equals(DEFAULT_HOST)) {
            return full();
        }
        return (namespace.equals(DEFAULT_NAMESPACE) ? "" : namespace + "/") + model + ":" + tag;
    }
}
