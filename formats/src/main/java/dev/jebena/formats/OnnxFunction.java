package dev.jebena.formats;

import java.util.List;
import java.util.Map;

/// An operator that the model itself defines (`FunctionProto`).
///
/// @param attributes names that callers must give
/// @param defaults attributes that callers may give
/// @param rest fields of later versions
public record OnnxFunction(
        String name,
        String domain,
        String overload,
        List<String> inputs,
        List<String> outputs,
        List<String> attributes,
        List<OnnxAttribute> defaults,
        List<OnnxNode> nodes,
        Map<String, Long> opsets,
        List<OnnxValueInfo> values,
        String doc,
        Map<String, String> metadata,
        List<Bytes> rest) {}
