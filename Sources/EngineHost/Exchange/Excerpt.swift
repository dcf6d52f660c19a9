/// The beginning of bytes that nobody expected, in quotes and printable.
func excerpt(_ bytes: some Collection<UInt8>, atMost limit: Int = 120) -> String {
    var text = String(decoding: bytes.prefix(limit), as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
        text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: false) : String(scalar)
    }
    if bytes.count > limit { text += "..." }
    return "'\(text)'"
}
