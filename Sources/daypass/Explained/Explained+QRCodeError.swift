import QRCodes

extension QRCodeError: Explainable {
  var explanation: Explanation {
    switch self {
    case .libraryMissing(let file, let package):
      Explained.missingLibrary(file, package: package)
    case .seedNotBase32:
      Explanation("AWS sent a seed that is not base32", status: .failure)
    case .textTooLong(let limit):
      Explanation("the names are too long for a QR code of at most \(limit) bytes", status: .failure)
    case .failed(let code):
      Explanation("cannot make the QR code: \(String(systemError: code))", status: .failure)
    }
  }
}
