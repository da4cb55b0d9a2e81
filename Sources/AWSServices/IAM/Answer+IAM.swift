internal import AWSValues

extension Answer {
  func user() throws(AWSError) -> User {
    let place = try element("GetUserResult/User")
    return User(
      name: try optionalText("UserName", in: place), path: try optionalText("Path", in: place) ?? "/",
      arn: try text("Arn", in: place), id: try text("UserId", in: place),
      creationDate: try optionalDate("CreateDate", in: place))
  }

  func mfaDevices() throws(AWSError) -> [MFADeviceDescription] {
    var devices: [MFADeviceDescription] = []
    for place in elements("ListMFADevicesResult/MFADevices/member") {
      guard let device = MFADevice(try text("SerialNumber", in: place)) else { throw malformed("SerialNumber") }
      devices.append(
        MFADeviceDescription(
          device: device, userName: try text("UserName", in: place),
          enableDate: try optionalDate("EnableDate", in: place)))
    }
    return devices
  }

  /// Where the next page begins; nil on the last.
  func nextMarker() throws(AWSError) -> String? {
    guard try optionalText("ListMFADevicesResult/IsTruncated") == "true" else { return nil }
    return try text("ListMFADevicesResult/Marker")
  }
}
