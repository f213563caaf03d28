package dev.jebena.tokenizers.internal.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/// The value of `namespace(...)`: the only one whose attributes a template can set.
final class Namespace {
    final Map<Object, Object> attributes = new LinkedHashMap<>();
}
