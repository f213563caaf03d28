package dev.jebena.formats;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call of an operator (`NodeProto`).
///
/// @param operator its name in `domain`
/// @param overload which function of the name, where there are several
/// @param inputs names; empty ones are left out
/// @param outputs names; empty ones are not wanted
/// @param rest fields of later versions, and device configurations
public record OnnxNode(
        String name,
        String operator,
        String domain,
        String overload,
        List<String> inputs,
        List<String> outputs,
        List<OnnxAttribute> attributes,
        String doc,
        Map<String, String> metadata,
        List<Bytes> rest) {
    /// A node of the default domain.
    public static OnnxNode of(
            String operator,
            List<String> inputs,
            List<String> outputs,
            OnnxAttribute... attributes) {
        return new OnnxNode(
                "",
                operator,
                "",
                "",
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.of(attributes),
                "",
                Map.of(),
                List.of());
    }

    /// The attribute of this name.
    public Optional<OnnxAttribute.Value> attribute(String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .map(OnnxAttribute::value);
    }
}
