use super::*;

#[tokio::test]
async fn what_is_sent_over_smtp_lands_as_it_was() {
    let sink = Sink::start().await.unwrap();
    let (read, mut write) = TcpStream::connect(sink.address).await.unwrap().into_split();
    let mut read = BufReader::new(read).lines();
    let mail = "EHLO here\r\nMAIL FROM:<a@example.jp>\r\nRCPT TO:<aoi@example.jp>\r\nDATA\r\n";
    write.write_all(mail.as_bytes()).await.unwrap();
    write
        .write_all("Subject: =?utf-8?b?6Z2i6KuH?=\r\n\r\none\r\n..two\r\n.\r\nQUIT\r\n".as_bytes())
        .await
        .unwrap();
    while let Ok(Some(_)) = read.next_line().await {}
    let mails = sink.mails();
    assert_eq!(
        (mails[0].to.as_str(), mails[0].subject.as_str()),
        ("aoi@example.jp", "面談")
    );
    assert_eq!(mails[0].text.trim_end(), "one\r\n.two");
}

#[test]
fn only_whole_addresses_become_links() {
    assert_eq!(
        linked("https://x.jp/a?b&c"),
        "<a href=\"https://x.jp/a?b&amp;c\">https://x.jp/a?b&amp;c</a>"
    );
    assert_eq!(
        linked("<b>javascript:alert(1)</b>"),
        "&lt;b&gt;javascript:alert(1)&lt;/b&gt;"
    );
}
