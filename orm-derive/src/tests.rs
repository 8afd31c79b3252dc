//! What is emitted, and what is said about mistakes.

mod budget;
mod errors;
mod mapped;
mod record;
mod schema;
mod sql_type;

use proc_macro2::TokenStream;

/// The output of a derive, formatted.
fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("the output is items"))
}

/// The lines of the formatted output from the one that has `from` to before the one that has `until`.
fn excerpt(tokens: TokenStream, from: &str, until: &str) -> String {
    let output = pretty(tokens);
    let lines = output.lines().skip_while(|line| !line.contains(from));
    let lines: Vec<_> = lines.take_while(|line| !line.contains(until)).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| line[indent..].to_owned() + "\n").collect()
}

fn mapped(input: &str) -> TokenStream {
    crate::mapped(syn::parse_str(input).expect("the input is a struct"))
}

fn record(input: &str) -> TokenStream {
    crate::record::derive(syn::parse_str(input).expect("the input is a struct"))
}

fn sql_type(input: &str) -> TokenStream {
    crate::sql_type::derive(&syn::parse_str(input).expect("the input is a type"))
}

/// The messages of the `compile_error!`s in the output, one a line.
fn errors(tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).expect("the output is items");
    let messages = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) if item.mac.path.segments.last()?.ident == "compile_error" => {
            syn::parse2::<syn::LitStr>(item.mac.tokens.clone()).ok()
        }
        _ => None,
    });
    messages.map(|message| message.value() + "\n").collect()
}
