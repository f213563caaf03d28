package dev.jebena.formats;

import java.util.Map;

/// A name of a graph and what it stands for (`ValueInfoProto`).
public record OnnxValueInfo(String name, OnnxType type, String doc, Map<String, String> metadata) {
    public static OnnxValueInfo of(String name, OnnxType type) {
        return new OnnxValueInfo(name, type, "", Map.of());
    }
}
