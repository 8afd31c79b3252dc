// node plsql.js MODULES FILE: each line of FILE is a JSON object {"name", "sql"} with one Oracle statement. Prints the names
// and the messages of those that the PlSql grammar of antlr4ts-sql does not take whole, a JSON object on each line.
const fs = require('fs');
const path = require('path');

const [modules, file] = process.argv.slice(2);
const { ANTLRInputStream, CommonTokenStream, Token } = require(path.join(modules, 'antlr4ts'));
const sql = path.join(modules, 'antlr4ts-sql/dist/src');
const { PlSqlParser } = require(path.join(sql, 'grammar-output/plsql/PlSqlParser'));
const { PlSqlLexer } = require(path.join(sql, 'grammar-output/plsql/PlSqlLexer'));
const { CaseChangingStream } = require(path.join(sql, 'models/CaseChangingStream'));

function errors(text) {
    const found = [];
    const listener = { syntaxError: (_recognizer, _symbol, line, column, message) => found.push(`${line}:${column} ${message}`) };
    const lexer = new PlSqlLexer(new CaseChangingStream(new ANTLRInputStream(text + '\n;'), true));
    lexer.removeErrorListeners();
    lexer.addErrorListener(listener);
    const tokens = new CommonTokenStream(lexer);
    const parser = new PlSqlParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(listener);
    parser.sql_script();
    if (tokens.LA(1) !== Token.EOF) found.push('not read: ' + tokens.LT(1).text);
    return found;
}

for (const line of fs.readFileSync(file, 'utf8').split('\n').filter((line) => line.trim())) {
    const { name, sql } = JSON.parse(line);
    const found = errors(sql);
    if (found.length > 0) console.log(JSON.stringify({ name, message: found[0].slice(0, 200) }));
}
