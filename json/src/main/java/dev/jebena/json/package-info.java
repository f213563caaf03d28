/// JSON as plain Java values, for the modules that may use nothing but the JDK.
///
/// [dev.jebena.json.Json] reads text into `Map`, `List`, `String`, `Long`, `Double`, `Boolean` and
/// `null`, and writes such values back:
///
/// ```java
/// Map<String, Object> config = Json.object(Json.parse(text));
/// String again = Json.write(config);
/// ```
@NullMarked
package dev.jebena.json;

import org.jspecify.annotations.NullMarked;
