internal import Conformance

/// An XML element as text: escaped, without the characters that XML 1.0 forbids even when escaped, and without those that
/// `SafeText` finds harmful to whoever reads the document as it is.
struct XMLText {
    let name: String
    let markup: String

    init(_ name: String, _ attributes: [(String, String)], text: String = "", children: [XMLText] = []) {
        self.name = name
        let opening = XMLText.opening(name, attributes)
        let content = XMLText.escaped(text) + children.map(\.markup).joined()
        markup = content.isEmpty ? "\(opening.dropLast())/>" : "\(opening)\(content)</\(name)>"
    }

    /// A start tag.
    static func opening(_ name: String, _ attributes: [(String, String)]) -> String {
        "<\(name)" + attributes.map { " \($0)=\"\(escaped($1))\"" }.joined() + ">"
    }

    /// Text for an element or a quoted attribute. What is harmful or no `Char` of XML 1.0 (section 2.2) becomes U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n": result.append(scalar)
            default: result.append(SafeText.isHarmful(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return String(result)
    }
}
